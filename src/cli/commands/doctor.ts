import { DoctorService } from '../../doctor/doctor.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';
import { renderFindings } from '../render-findings.js';

/** One failed finding makes the command fail; warnings do not. */
export async function doctor(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const examinations = await hub.get(DoctorService).examine();
    const findings = examinations.flatMap((examination) => examination.findings);
    const failed = findings.filter(({ status }) => status === 'failed').length;
    const warnings = findings.filter(({ status }) => status === 'warning').length;
    output.result({ ok: failed === 0, examinations }, () =>
      [
        ...examinations.map((examination) => renderFindings(examination.subject, examination.findings)),
        failed + warnings === 0
          ? 'Nothing is wrong.'
          : `${String(failed)} to mend (✗), ${String(warnings)} to look at (!).`,
      ].join('\n\n'),
    );
    return failed > 0 ? EXIT.failed : EXIT.done;
  });
}
