"""What is taken away, in words: the filter of a state, as it stands on a sheet and in the metadata of a file."""

__all__ = ["words"]


def words(catalogue, query, messages) -> str:
    """What a state asks for, in words; empty where it asks for nothing.

    Parameters
    ----------
    catalogue : Catalogue
    query : mapping of str to str
        The query of a link to the state: ``t`` topics or what holds them, ``in`` zones and clusters, ``m`` the mode.
    messages : Messages
    """
    mark, language = messages("card.list_mark"), messages.language
    parts = []
    topics = [catalogue.industries[id_].name.of(language) for id_ in query.get("t", "").split(",") if id_]
    if len(topics) == 1:
        parts.append(topics[0])
    elif topics:
        parts.append(messages("take.all_of" if query.get("m") == "all" else "take.any_of", names=mark.join(topics)))
    places = [catalogue.places[id_].short.of(language) for id_ in query.get("in", "").split(",") if id_]
    if places:
        parts.append(messages("take.within", names=mark.join(places)))
    return " · ".join(parts)
