"""The invented logins of the demo: shown on the sign-in page in demo mode only, and made by `manage.py demo`."""

from dataclasses import dataclass

from rehab.roles import Role

PASSWORD = "jembatan-kecil"
_UNIT_NAMES = {"BNNP-51": "BNNP Bali", "BNNP-53": "BNNP Nusa Tenggara Timur"}


@dataclass(frozen=True)
class DemoLogin:
    """`place` is the code of a unit, or the name of a facility."""

    username: str
    name: str
    role: Role
    place: str

    @property
    def role_label(self) -> str:
        return str(self.role.label)

    @property
    def place_name(self) -> str:
        return _UNIT_NAMES.get(self.place, self.place)

    @property
    def password(self) -> str:
        return PASSWORD

    @property
    def email(self) -> str:
        return f"{self.username}@contoh.test"


_CLINIC = "Klinik Pratama BNNP Nusa Tenggara Timur"

LOGINS = (
    DemoLogin("konselor", "Rina Contoh", Role.COUNSELOR, _CLINIC),
    DemoLogin("loket", "Yosef Contoh", Role.CLERK, _CLINIC),
    DemoLogin("dokter", "Maria Contoh", Role.DOCTOR, _CLINIC),
    DemoLogin("perawat", "Agus Contoh", Role.NURSE, _CLINIC),
    DemoLogin("admin.klinik", "Dewi Contoh", Role.FACILITY_ADMIN, _CLINIC),
    DemoLogin("staf.ntt", "Anton Contoh", Role.UNIT_STAFF, "BNNP-53"),
    DemoLogin("kepala.ntt", "Theresia Contoh", Role.SIGNATORY, "BNNP-53"),
    DemoLogin("admin.ntt", "Markus Contoh", Role.UNIT_ADMIN, "BNNP-53"),
    DemoLogin("tat.ntt", "Lidia Contoh", Role.TAT_SECRETARIAT, "BNNP-53"),
    DemoLogin("tat.medis", "Stefanus Contoh", Role.TAT_MEDICAL, "BNNP-53"),
    DemoLogin("tat.hukum", "Yohana Contoh", Role.TAT_LEGAL, "BNNP-53"),
    DemoLogin("konselor.bali", "Made Contoh", Role.COUNSELOR, "Klinik Pratama BNNP Bali"),
    DemoLogin("konselor.loka", "Siti Contoh", Role.COUNSELOR, "Loka Rehabilitasi BNN Kalianda"),
    DemoLogin("admin.loka", "Hasan Contoh", Role.FACILITY_ADMIN, "Loka Rehabilitasi BNN Kalianda"),
    DemoLogin("staf.bali", "Ketut Contoh", Role.UNIT_STAFF, "BNNP-51"),
    DemoLogin("dokter.lapas", "Hendra Contoh", Role.DOCTOR, "Lapas Klas II A Pemuda Tangerang"),
    DemoLogin("lapas", "Bambang Contoh", Role.CORRECTIONS, "Lapas Klas II A Pemuda Tangerang"),
    DemoLogin("konselor.lido", "Nurul Contoh", Role.COUNSELOR, "Balai Besar Rehabilitasi BNN Lido"),
    DemoLogin("admin.bnn", "Sari Contoh", Role.UNIT_ADMIN, "BNN"),
    DemoLogin("analis", "Fajar Contoh", Role.ANALYST, "BNN"),
    DemoLogin("pengelola.data", "Sinta Contoh", Role.DATA_STEWARD, "BNN"),
    DemoLogin("auditor", "Wulan Contoh", Role.AUDITOR, "BNN"),
    DemoLogin("sistem", "Joko Contoh", Role.SYSTEM_ADMIN, "BNN"),
)
