"""Base maps as the page is told of them, in one language: text as text, addresses as they were checked."""

import logging

from gm_map import basemaps

__all__ = ["base_maps"]

_LOG = logging.getLogger(__name__)


def base_maps(messages, offer=None) -> dict:
    """What the script in the page needs for the list of base maps.

    Parameters
    ----------
    messages : Messages
    offer : gm_map.basemaps.Offer, optional
        What there is; by the settings of this process if not given.

    Returns
    -------
    dict
        ``list`` (dicts of id, name, urls, subdomains, datum, datum_line, datum_short, attribution, licence, max_zoom,
        usable) and ``refused`` (sentences).
    """
    offer = basemaps.load() if offer is None else offer
    refused = [messages(said.key, **said.facts) for said in offer.refused]
    for sentence in refused:
        _LOG.warning("%s: %s", basemaps.SETTINGS, sentence)
    return {"list": [_told(basemap, messages) for basemap in offer.basemaps], "refused": refused}


def _told(basemap, messages) -> dict:
    language = messages.language
    return {
        "id": basemap.id,
        "name": basemap.name.of(language),
        "urls": list(basemap.urls),
        "subdomains": list(basemap.subdomains),
        "datum": basemap.datum,
        "datum_line": messages(f"tools.datum_{basemap.datum}"),
        "datum_short": messages(f"tools.short_{basemap.datum}"),
        "attribution": basemap.attribution.of(language),
        "licence": basemap.licence.of(language),
        "max_zoom": basemap.max_zoom,
        "usable": basemap.usable,
    }
