"""Which persons have a NIK, kept with the bare number, so that counts of persons read no identity."""

import pgtrigger

_KNOWN = """
    EXISTS (SELECT FROM clients_client c JOIN clients_identity i ON i.client_id = c.id
            WHERE c.person_id = p.id AND i.nik_index IS NOT NULL)
"""
REBUILD = f"UPDATE clients_person p SET has_nik = {_KNOWN} WHERE p.has_nik <> {_KNOWN}"


def knowing(
    name: str, operation: pgtrigger.Operation, persons: str, condition: pgtrigger.Condition
) -> pgtrigger.Trigger:
    """Tells anew of these persons, given as an array. Taken first and read then, so that two at once do not miss each other."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        condition=condition,
        declare=[("behind", "bigint[]")],
        func=f"""
            behind := {persons};
            PERFORM FROM clients_person WHERE id = ANY(behind) ORDER BY id FOR NO KEY UPDATE;
            UPDATE clients_person p SET has_nik = {_KNOWN} WHERE p.id = ANY(behind) AND p.has_nik <> {_KNOWN};
            RETURN NULL;
        """,
    )


_OF_CLIENT = "ARRAY(SELECT person_id FROM clients_client WHERE id = {0}.client_id)"
OF_IDENTITY = [
    knowing("nik_comes", pgtrigger.Insert, _OF_CLIENT.format("NEW"), pgtrigger.Q(new__nik_index__isnull=False)),
    knowing("nik_changes", pgtrigger.Update, _OF_CLIENT.format("NEW"), pgtrigger.AnyChange("nik_index")),
    knowing("nik_goes", pgtrigger.Delete, _OF_CLIENT.format("OLD"), pgtrigger.Q(old__nik_index__isnull=False)),
]
OF_CLIENT = [
    knowing("person_changes", pgtrigger.Update, "ARRAY[OLD.person_id, NEW.person_id]", pgtrigger.AnyChange("person"))
]
