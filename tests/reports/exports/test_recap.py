"""The recap as paper and workbook: the figures of the page, sums live and with their values."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from clients.enums import AdmissionGroup
from rehab.periods import year
from reports.exports.recap import recap_paper, recap_pdf, recap_workbook
from reports.queries.recap import recap
from tests.factories import facility, unit
from tests.reports.makers import counted

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 1, 3, 2, 42, tzinfo=UTC)


@pytest.fixture
def found():
    for code in ("BNNP-53", "BNNK-5371"):
        at = facility(f"Klinik {code}", of=unit(code))
        counted(at, date(2019, 3, 5), admission_group=AdmissionGroup.LEGAL)
        counted(at, date(2019, 4, 5), admission_group=AdmissionGroup.VOLUNTARY)
    return recap(unit("BNNP-53"), year(2019))


def test_the_paper_says_when_it_was_counted_and_bears_no_seal(found):
    told = recap_paper(found, NOW)
    assert told["unsealed"] == "Dihitung langsung 3 Januari 2020 10.42 WITA"
    assert told["whole"]["sum"][-1] == "4"
    assert told["blocks"][0]["name"].endswith("fasilitas sendiri")
    assert recap_pdf(found, NOW).startswith(b"%PDF-")


def test_a_recap_of_nothing_can_be_printed():
    assert recap_pdf(recap(unit("BNNP-96"), year(2001)), NOW).startswith(b"%PDF-")


def test_the_workbook_has_live_sums_with_the_same_values(found):
    content = recap_workbook(found, NOW)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    whole = next(row for row in rows[::-1] if row[1] == "Hukum")
    assert (whole[2:6], whole[14]) == ([0, 0, 2, 0], 2)
    assert rows[-1][14] == 4
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>SUMIF($B$6:$B$15,B17,E6:E15)</f><v>2</v>" in xml
    assert "<f>SUM(C6:N6)</f>" in xml


def test_the_same_recap_gives_the_same_bytes(found):
    assert recap_workbook(found, NOW) == recap_workbook(found, NOW)
