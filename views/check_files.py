"""What a person takes away from a check: the report, the findings for a map program, the mended file."""

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from layers.door import markdown

__all__ = ["effects", "mend_button", "report_menu"]

KINDS = ("docx", "html", "xlsx", "gpkg", "geojson")
_MIME = {"html": "text/html", "geojson": "application/geo+json"}


def report_menu(report, district, t):
    """The formats of the report; each file is made when it is asked for."""
    with st.popover(t("check.report"), icon=":material/description:"), st.container(key="check_report_files"):
        st.caption(markdown(t("check.report_note")))
        for kind in KINDS:
            st.download_button(
                t(f"check.as_{kind}"),
                partial(_file, report, district, kind, t),
                file_name=f"{Path(report.name).stem[:60] or 'gm-map'}-check.{kind}",
                mime=_MIME.get(kind, "application/octet-stream"),
                icon=":material/download:",
                key=f"check_as_{kind}",
                on_click="ignore",
            )


def _file(report, district, kind, t):
    if kind in ("gpkg", "geojson"):
        from gm_map.check import exports

        with tempfile.TemporaryDirectory(prefix="gm_map_") as folder:
            target = Path(folder) / f"findings.{kind}"
            exports.write(report, district, target, t)
            return target.read_bytes()
    from layers import report_docx, report_html, report_xlsx

    made = {"html": report_html.html, "docx": report_docx.docx, "xlsx": report_xlsx.xlsx}[kind]
    told = made(report, district, t, unit=st.session_state.get("check_unit", "km2"), date=date.today().isoformat())
    return told.encode("utf-8") if isinstance(told, str) else told


def mend_button(report, t):
    """What can be mended, in a new file, with every change listed."""
    fixable = sum(one.fixable for one in report.findings)
    if report.crs is None or not fixable:
        return
    st.caption(markdown(t("check.fixable", count=fixable)))
    st.download_button(
        t("check.mend"),
        partial(_mended, report, t),
        file_name=f"{Path(report.name).stem[:60]}-mended.zip",
        icon=":material/build:",
        key="check_mend",
        on_click="ignore",
    )


def _mended(report, t):
    from gm_map.check import exports, mend

    changed = mend.mend(report.layer, report.geometries, report.findings)
    return exports.mended_zip(report, changed, t)


def effects(report, district, t):
    """Which answers of the match would be others with the redrawn outlines; worked out when it is asked for."""
    if not st.toggle(t("check.effects"), key="check_effects"):
        return
    from gm_map.check import effects as worked_out

    with st.spinner(t("check.working")):
        changed = worked_out.changes(district, report.drawing)
    if not changed:
        st.markdown(markdown(t("check.effects_none")))
    for one in changed:
        names = {
            key: district.catalogue.node(getattr(one, key)).name.of(t.language)
            for key in ("topic_id", "before", "after")
        }
        st.markdown(markdown(t("check.effect", topic=names["topic_id"], before=names["before"], after=names["after"])))
