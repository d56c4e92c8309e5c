import type { AuditPart, AuditView, ListedFinding } from '../drift/drift.repository.js';
import { renderProblem } from './render-problem.js';
import { showTime, table } from './output.js';

/** Lines shown; `--json` has all that are listed. */
const SHOWN = 50;

export function renderAuditLine(audit: AuditView): string {
  const began = `Audit of ${showTime(audit.startedAt)} UTC`;
  if (audit.state === 'running') return `${began}: under way.`;
  const missed = audit.parts.filter((part) => part.missed);
  const told = missed.length === 0 ? 'nothing was missed' : `missed in ${placesOf(missed)}`;
  const failed = audit.parts.filter((part) => part.problem !== null);
  const unread = failed.length === 0 ? '' : `; not read: ${placesOf(failed)}`;
  return `${began}: ${shareOf(audit.share)} of linked records identical everywhere; ${told}${audit.repair && missed.length > 0 ? ', taken in' : ''}${unread}.`;
}

export function renderAudit(audit: AuditView, findings: readonly ListedFinding[]): string {
  const parts = table(
    ['connection', 'object', 'read', 'linked', 'identical', 'not, and why'],
    audit.parts.map(({ connection, object, read, linked, identical, reasons }) => [
      connection,
      object,
      read,
      linked,
      identical,
      Object.entries(reasons)
        .map(([reason, count]) => `${String(count)} ${reason}`)
        .join(', '),
    ]),
  );
  const listed = table(
    ['connection', 'object', 'record', 'why', 'fields'],
    findings
      .slice(0, SHOWN)
      .map(({ connection, object, externalId, reason, fields }) => [
        connection,
        object,
        externalId,
        reason,
        fields.join(', '),
      ]),
  );
  const rest = findings.length - SHOWN;
  return [
    parts,
    ...audit.parts.flatMap(problemOf),
    ...(findings.length === 0 ? [] : [listed]),
    ...(rest > 0 ? [`${String(rest)} more: --json shows them.`] : []),
    renderAuditLine(audit),
  ].join('\n\n');
}

function problemOf({ connection, problem }: AuditPart): string[] {
  return problem === null ? [] : [renderProblem(connection, problem)];
}

function placesOf(parts: readonly AuditPart[]): string {
  return parts.map(({ connection, object }) => `${connection} ${object}`).join(', ');
}

/** Never rounded up to all: 99.99 % is not 100 %. */
export function shareOf(share: number | null): string {
  if (share === null) return 'none';
  return `${String(Math.floor(share * 10_000) / 100)} %`;
}
