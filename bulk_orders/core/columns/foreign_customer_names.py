"""What other programs and other languages call the columns of the sheet Customers. Read it through `core.columns.foreign_names`."""

from typing import Final

from bulk_orders.core.columns.shapes import ForeignNames

CUSTOMER_NAMES: Final = (
    ForeignNames(
        field="company_name",
        aliases=(
            *(
                "customer",
                "customer name",
                "client",
                "client name",
                "company",
                "account name",
                "end customer",
            ),
            *("Kunde", "Kundenname", "Firma", "Firmenname", "Unternehmen", "Endkunde"),
            *(
                "nom du client",
                "société",
                "raison sociale",
                "nom de la société",
                "entreprise",
                "client final",
            ),
            *(
                "cliente",
                "nombre del cliente",
                "empresa",
                "razón social",
                "nombre de la empresa",
                "cliente final",
            ),
        ),
    ),
    ForeignNames(
        field="tenant",
        aliases=(
            *("new or existing tenant", "tenant status", "tenant choice"),
            *("Mandant", "Mandantentyp", "Tenant-Typ", "Mandantenart"),
            *("locataire", "type de locataire", "type de tenant"),
            *("inquilino", "tipo de inquilino", "tipo de tenant"),
        ),
    ),
    ForeignNames(
        field="domain",
        aliases=(
            *("domain name", "primary domain", "onmicrosoft domain", "tenant domain name", "default domain"),
            *("Domäne", "Microsoft-Domäne", "Domänenname", "Tenant-Domäne", "Mandantendomäne", "Domain-Name"),
            *("domaine", "domaine microsoft", "nom de domaine", "domaine du tenant"),
            *("dominio", "dominio de microsoft", "nombre de dominio", "dominio del tenant"),
        ),
    ),
    ForeignNames(
        field="tenant_id",
        aliases=(
            *(
                "customer tenant id",
                "tenant guid",
                "azure tenant id",
                "entra tenant id",
                "directory id",
                "tenantid",
            ),
            *(
                "Mandanten-ID",
                "Tenant-ID",
                "ID du tenant",
                "ID de locataire",
                "ID de inquilino",
                "id del tenant",
            ),
        ),
    ),
    ForeignNames(
        field="partner_attestation",
        aliases=(
            *("partner attestation", "partner of record attestation", "partner attested"),
            *("Partnerbestätigung", "Partner bestätigt", "Partnererklärung"),
            *("attestation du partenaire", "attestation partenaire", "partenaire attesté"),
            *("declaración del socio", "certificación del socio", "declaración del partner"),
        ),
    ),
    ForeignNames(
        field="mca_accepted",
        aliases=(
            *("mca signed", "mca status", "customer agreement accepted", "customer agreement"),
            *("MCA akzeptiert", "MCA angenommen", "Kundenvertrag akzeptiert", "Microsoft-Kundenvertrag"),
            *("MCA accepté", "contrat client accepté", "contrat client microsoft"),
            *("MCA aceptado", "acuerdo de cliente aceptado", "contrato de cliente de microsoft"),
        ),
    ),
    ForeignNames(
        field="agreement_date",
        aliases=(
            *("mca accepted on", "mca acceptance date", "date of acceptance", "agreement accepted on"),
            *("MCA-Datum", "Datum der Annahme", "Annahmedatum", "Vertragsdatum"),
            *(
                "date d'acceptation",
                "date du MCA",
                "date de l'accord",
                "fecha de aceptación",
                "fecha del acuerdo",
            ),
            *("fecha del MCA",),
        ),
    ),
    ForeignNames(
        field="agreement_first_name",
        aliases=(
            *(
                "signatory first name",
                "contact first name",
                "signer first name",
                "Vorname",
                "Vorname Unterzeichner",
            ),
            *("prénom", "prénom du signataire", "nombre del firmante"),
        ),
    ),
    ForeignNames(
        field="agreement_last_name",
        aliases=(
            *("signatory last name", "contact last name", "signer last name", "surname", "Nachname"),
            *("Nachname Unterzeichner", "nom de famille", "nom du signataire", "apellido", "apellidos"),
            *("apellidos del firmante",),
        ),
    ),
    ForeignNames(
        field="agreement_email",
        aliases=(
            *("signer email", "signatory email address", "E-Mail Unterzeichner", "E-Mail des Unterzeichners"),
            *("e-mail du signataire", "courriel du signataire", "correo del firmante"),
        ),
    ),
    ForeignNames(
        field="address",
        aliases=("address line 1", "Straße", "Adresse", "adresse", "rue", "dirección", "calle"),
    ),
    ForeignNames(field="city", aliases=("Stadt", "Ort", "ville", "ciudad", "localidad")),
    ForeignNames(field="state", aliases=("Bundesland", "état", "estado", "provincia")),
    ForeignNames(field="postal_code", aliases=("PLZ", "Postleitzahl", "code postal", "código postal", "CP")),
    ForeignNames(
        field="country", aliases=("Land", "Länderkürzel", "pays", "código de país", "país", "country iso")
    ),
    ForeignNames(field="phone", aliases=("Telefon", "Telefonnummer", "téléphone", "teléfono", "tel", "tél.")),
    ForeignNames(
        field="customer_email",
        aliases=(
            "customer e-mail",
            "E-Mail Kunde",
            "Kunden-E-Mail",
            "e-mail du client",
            "correo del cliente",
        ),
    ),
)
