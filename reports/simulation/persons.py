"""One card, one person: where two streams invented the same NIK by chance, the later client is linked as at a registration."""

from django.db.backends.utils import CursorWrapper

from clients.models import LinkGround

CLIENTS = f"""
    UPDATE clients_client c SET person_id = s.person
    FROM (
        SELECT i.client_id, first_value(k.person_id) OVER (PARTITION BY i.nik_index ORDER BY i.client_id) AS person
        FROM clients_identity i JOIN clients_client k ON k.id = i.client_id WHERE i.nik_index IS NOT NULL
    ) AS s
    WHERE c.id = s.client_id AND c.person_id <> s.person AND NOT EXISTS (
        SELECT FROM clients_personlink l
        WHERE l.client_id = c.id AND l.ended_at IS NULL AND l.ground = '{LinkGround.STEWARD.value}')
"""
LINKS = f"""
    UPDATE clients_personlink l SET person_id = c.person_id, ground = '{LinkGround.NIK.value}'
    FROM clients_client c WHERE c.id = l.client_id AND l.ended_at IS NULL AND l.person_id <> c.person_id
"""


def link(cursor: CursorWrapper) -> None:
    cursor.execute(CLIENTS)
    cursor.execute(LINKS)
