"""The tables in which the activity around the change to LPR3 is counted: LPR2's, and LPR3's as LPR_F or as LPR_A."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mockregister.errors import NotFound
from mockregister.export.frame import Cell, Frame

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]

LPR2_TABLES = {
    "t_adm": "recnum c_pattype d_inddto v_sengdage sorenhed",
    "t_bes": "recnum d_ambdto",
    "t_sksopr": "recnum c_oprart d_odto",
    "t_diag": "recnum c_diag",
}
PSYCHIATRIC_TABLES = {name.replace("t_", "t_psyk_"): columns for name, columns in LPR2_TABLES.items() if name != "t_bes"}
LPR_F_TABLES = {
    "kontakter": "dw_ek_kontakt dw_ek_forloeb sorenhed_ans kontakttype prioritet dato_start tidspunkt_start dato_slut "
    "tidspunkt_slut",
    "procedurer_kirurgi": "dw_ek_kontakt proceduretype sorenhed_pro dato_start",
    "diagnoser": "dw_ek_kontakt diagnosekode diagnosetype",
}
LPR_A_TABLES = {
    "lpr_a_kontakt": "dw_ek_kontakt dw_ek_forloeb kont_ans kont_type prioritet kont_starttidspunkt kont_sluttidspunkt",
    "lpr_a_procregistrering": "dw_ek_kontakt proc_kode proc_kode_type prod_enh proc_starttidspunkt",
    "lpr_a_diagnose": "dw_ek_kontakt diag_kode diag_kode_type",
}
LAYOUTS = {"lpr_f": LPR_F_TABLES, "lpr_a": LPR_A_TABLES}


def read_tables(folder: Path, layout: str = "") -> Tables:
    """Return LPR2's and LPR3's tables in a folder, from CSV files or else from Parquet.

    LPR3's are those of ``layout`` (lpr_f or lpr_a); without one, LPR_F's, or LPR_A's where only those are in the folder.
    Psychiatric tables may be missing. Raise NotFound for a missing folder, and for any other missing table or column; raise
    SettingError for Parquet files if pyarrow is not installed.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}; write its tables with mockregister export, or give --url or --store.")
    if not layout:
        layout = "lpr_a" if _file(folder, "lpr_a_kontakt") and not _file(folder, "kontakter") else "lpr_f"
    psychiatric = {name: columns for name, columns in PSYCHIATRIC_TABLES.items() if _file(folder, name)}
    wanted = {**LPR2_TABLES, **psychiatric, **LAYOUTS[layout]}
    return {name: _read(folder, name, columns.split(), layout) for name, columns in wanted.items()}


def tables_in(frames: Iterable[Frame]) -> Tables:
    """Return tables in memory in the form in which ``read_tables`` returns those in files: every cell is a text."""
    return {frame.name: [dict(zip(frame.columns, map(_text, row), strict=True)) for row in frame.rows] for frame in frames}


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _file(folder: Path, name: str) -> Path | None:
    files = (folder / f"{name}.csv", folder / f"{name}.parquet")
    return next((file for file in files if file.is_file()), None)


def _read(folder: Path, name: str, columns: Sequence[str], layout: str) -> Sequence[Row]:
    """Return the rows of a table; the names of its columns may be in capitals."""
    file = _file(folder, name)
    if file is None:
        raise NotFound(
            f"{folder} has no table {name}; write it with mockregister export --format lpr2 and --format {layout}, both into "
            f"{folder}."
        )
    rows = [{column.lower(): text for column, text in row.items()} for row in _rows_of(file)]
    missing = [column for column in columns if rows and column not in rows[0]]
    if missing:
        raise NotFound(f"{file} has no column {missing[0]}, which is needed to count; add it.")
    return rows


def _rows_of(file: Path) -> Iterable[Row]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    from mockregister.export.frame import read_parquet

    return [{column: _text(cell) for column, cell in row.items()} for row in read_parquet(file)]


def as_lpr_f(tables: Tables) -> Tables:
    """Return LPR3's tables with LPR_F's names, whichever of the two deliveries they are."""
    if "lpr_a_kontakt" not in tables:
        return tables
    return {
        "kontakter": [
            {
                **row,
                "sorenhed_ans": row["kont_ans"],
                "kontakttype": row["kont_type"],
                **_day_and_time("start", row["kont_starttidspunkt"]),
                **_day_and_time("slut", row["kont_sluttidspunkt"]),
            }
            for row in tables["lpr_a_kontakt"]
        ],
        "procedurer_kirurgi": [
            {
                **row,
                "sorenhed_pro": row["prod_enh"],
                "proceduretype": row["proc_kode_type"],
                **_day_and_time("start", row["proc_starttidspunkt"]),
            }
            for row in tables["lpr_a_procregistrering"]
            if row["proc_kode"].startswith("K")
        ],
        "diagnoser": [
            {**row, "diagnosekode": row["diag_kode"], "diagnosetype": row["diag_kode_type"]} for row in tables["lpr_a_diagnose"]
        ],
    }


def _day_and_time(limit: str, moment: str) -> Row:
    """Return LPR_F's two columns for a moment that LPR_A has in one; ``limit`` is start or slut."""
    return {f"dato_{limit}": moment[:10], f"tidspunkt_{limit}": moment[11:19]}
