const ROLES = new Set(
  (
    'info sales support office admin administrator contact contactus hello hi help helpdesk service services customerservice customercare customersupport care team mail email ' +
    'enquiries enquiry inquiries inquiry billing accounts accounting accountspayable accountsreceivable finance invoice invoices payment payments payroll ap ar hr humanresources jobs job career careers recruiting recruitment ' +
    'marketing press media pr legal privacy gdpr compliance security abuse postmaster webmaster hostmaster root it itsupport tech technical ops operations order orders shop store purchasing procurement ' +
    'reception frontdesk booking bookings reservations events news newsletter newsletters feedback welcome general company staff everyone members membership partners partner management secretary warehouse logistics dispatch training education library ' +
    'kontakt post buero buro verwaltung vertrieb verkauf einkauf rechnung rechnungen buchhaltung bewerbung personal empfang sekretariat zentrale anfrage ' +
    'contacto ventas compras administracion contabilidad facturacion atencion rrhh contato vendas financeiro comercial comptabilite compta commercial accueil direction secretariat facturation achats ' +
    'informazioni amministrazione vendite acquisti ufficio segreteria verkoop inkoop administratie boekhouding kontor faktura ekonomi myynti toimisto laskutus biuro sekretariat ksiegowosc zakupy obchod fakturace'
  ).split(' '),
);

const NOBODY =
  /^(?:no-?reply|do-?not-?reply|mailer-?daemon|bounces?|no-?e?-?mail|none|nobody|no-?one|unknown|n\/?a|not-?(?:provided|available)|fake|null|undefined)$/;

/** An address that belongs to a desk, not to a person: `info@`, `sales.emea@`, `support+x@`. */
export function isRoleAddress(email: string): boolean {
  const local = localPart(email);
  const parts = local.split(/[._-]+/).map((part) => part.replace(/\d+$/, ''));
  if (ROLES.has(parts.join(''))) return true;
  return ROLES.has(parts[0] ?? '') && parts.slice(1).every((part) => part.length <= 4 || ROLES.has(part));
}

/** An address that reaches nobody or was made up to fill a field: it identifies nobody. */
export function isNobodysAddress(email: string): boolean {
  return NOBODY.test(localPart(email).replace(/[._]/g, '-'));
}

function localPart(email: string): string {
  return (email.split('@', 1)[0] ?? '').split('+', 1)[0] ?? '';
}
