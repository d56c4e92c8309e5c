import { DoctorService } from '../../doctor/doctor.service.js';
import { failed, type Examination } from '../../doctor/finding.js';
import { judgeMachine, machineFacts } from '../../doctor/machine.js';
import { settingsFrom } from '../../startup/settings.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { failureOf } from '../failure.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { renderFindings } from '../render-findings.js';

/** One failed finding makes the command fail; warnings do not. */
export async function doctor(output: Output): Promise<ExitCode> {
  const examinations = await examine();
  const findings = examinations.flatMap((examination) => examination.findings);
  const faults = findings.filter(({ status }) => status === 'failed').length;
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  output.result({ ok: faults === 0, examinations }, () =>
    [
      ...examinations.map((examination) => renderFindings(examination.subject, examination.findings)),
      faults + warnings === 0
        ? 'Nothing is wrong.'
        : `${String(faults)} to mend (✗), ${String(warnings)} to look at (!).`,
    ].join('\n\n'),
  );
  return faults > 0 ? EXIT.failed : EXIT.done;
}

/** A hub that does not come up is when a doctor is called: what can be looked at without it is told all the same. */
async function examine(): Promise<readonly Examination[]> {
  const surroundings = { folder: process.cwd(), environment: process.env };
  try {
    return await withHub({ work: false }, (hub) => hub.get(DoctorService).examine(surroundings));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { message, remedy = '' } = failureOf(error);
    const start = failed('start', message.replace(remedy, '').trim(), remedy);
    return [...(await examineMachine(surroundings.folder)), { subject: 'hub', findings: [start] }];
  }
}

async function examineMachine(folder: string): Promise<readonly Examination[]> {
  try {
    const facts = await machineFacts(settingsFrom(process.env), folder);
    return [{ subject: 'machine', findings: judgeMachine(facts) }];
  } catch {
    // Its settings cannot be read: that is the finding.
    return [];
  }
}
