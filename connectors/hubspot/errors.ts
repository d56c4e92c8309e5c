/** One table from HubSpot's refusals of a record to what the hub does about them, in the admin's words. */
import type { PushOutcome, Rejection } from '../../src/sdk/index.js';
import { contextValues, type VendorError } from './vendor-error.js';

interface Explanation {
  readonly message: string;
  readonly remedy: string;
}

const CORRECT = 'Correct the value in the system it comes from, or set the field by hand in the hub.';
const REMAP = 'Correct the mapping of this connection.';

/** By HubSpot's code for a value it refuses. */
const VALUE_CODES: Readonly<Record<string, Explanation>> = {
  INVALID_EMAIL: { message: 'HubSpot does not take the e-mail address.', remedy: CORRECT },
  PROPERTY_DOESNT_EXIST: {
    message: 'The property does not exist in HubSpot.',
    remedy: 'Make it in HubSpot (Settings → Properties), or take it out of the mapping.',
  },
  INVALID_OPTION: {
    message: 'The value is not one of the options of this HubSpot property.',
    remedy: 'Add the option in HubSpot, or name it in `values` of the mapping.',
  },
  READ_ONLY_VALUE: {
    message: 'HubSpot sets this property itself and lets nobody write it.',
    remedy: 'Set the direction of this mapping to `pull`.',
  },
  INVALID_INTEGER: { message: 'HubSpot wants a whole number here.', remedy: CORRECT },
  INVALID_LONG: { message: 'HubSpot wants a whole number or an instant here.', remedy: CORRECT },
  INVALID_DOUBLE: { message: 'HubSpot wants a number here.', remedy: CORRECT },
  INVALID_NUMBER: { message: 'HubSpot wants a number here.', remedy: CORRECT },
  INVALID_DATE: { message: 'HubSpot wants a date (YYYY-MM-DD) here.', remedy: CORRECT },
  INVALID_BOOLEAN: { message: 'HubSpot wants yes or no here.', remedy: REMAP },
  INVALID_OWNER_ID: {
    message: 'HubSpot knows no such owner.',
    remedy: 'Invite the user in HubSpot, or change the owner.',
  },
  INVALID_PHONE_NUMBER: { message: 'HubSpot does not take the phone number.', remedy: CORRECT },
  INVALID_URL: { message: 'HubSpot does not take the web address.', remedy: CORRECT },
  INVALID_VALUE: { message: 'HubSpot does not take the value.', remedy: CORRECT },
  INVALID_LIFECYCLE_STAGE: {
    message: 'HubSpot does not move a lifecycle stage backward.',
    remedy: 'Clear the stage in HubSpot first, or set the direction of this mapping to `pull`.',
  },
  PROPERTY_VALUE_TOO_LONG: {
    message: 'The value is longer than HubSpot takes (65,536 characters).',
    remedy: CORRECT,
  },
  VALUE_TOO_LONG: { message: 'The value is longer than HubSpot takes (65,536 characters).', remedy: CORRECT },
  REQUIRED_PROPERTY: {
    message: 'HubSpot makes no record without a value here.',
    remedy: 'Give the customer a name or an e-mail address.',
  },
  GDPR_BLOCKLISTED: {
    message: 'The e-mail address was deleted in HubSpot for privacy reasons and may not come back.',
    remedy: 'Erase the customer in the hub as well, or use another address.',
  },
  UNMAPPED_STAGE: {
    message: 'The pipeline of the deal in HubSpot has no stage that this one corresponds to.',
    remedy:
      'Say which one it is by `values` in the mapping of the stage (HubSpot stage: stage of the hub), or add a stage of that name to the pipeline. Until then the deal stays where it is.',
  },
  UNMAPPED_PIPELINE: {
    message: 'HubSpot has no pipeline of this name.',
    remedy:
      'Say which one it is by `values` in the mapping of the pipeline (HubSpot pipeline: pipeline of the hub), or set its direction to `pull`.',
  },
  CURRENCY_NOT_ENABLED: {
    message: 'HubSpot does not know the currency of the deal; its amount is not written either.',
    remedy:
      'Add the currency in HubSpot (Settings → Account defaults → Currency), or correct it on the deal.',
  },
  UNKNOWN_OWNER: {
    message: 'No active HubSpot user has the e-mail address of the owner.',
    remedy: 'Invite the user in HubSpot, or set the direction of the mapping of the owner to `pull`.',
  },
};

const UNEXPLAINED: Explanation = {
  message: 'HubSpot does not take this record.',
  remedy: "See HubSpot's own words below, and correct the value or the mapping.",
};

export function rejection(code: string, property: string | undefined, detail: string): Rejection {
  const { message, remedy } = VALUE_CODES[code] ?? UNEXPLAINED;
  return { code, ...(property === undefined ? {} : { property }), message, remedy, detail };
}

/** What a refusal of one single record means. `fallback` for errors that say nothing. */
export function refusedOutcome(key: string, error: VendorError, status?: number): PushOutcome {
  const found = conflictIn(error, status);
  if (found !== undefined) return { key, status: 'conflict', ...found };
  if (isPassing(error, status))
    return {
      key,
      status: 'retry',
      code: error.category ?? `HTTP_${String(status ?? 0)}`,
      message: 'HubSpot could not store the record just now.',
    };
  return { key, status: 'rejected', rejections: rejectionsIn(error) };
}

interface Conflict {
  readonly existingId?: string;
  readonly property?: string;
  readonly message: string;
  readonly remedy: string;
  readonly detail: string;
}

/** The id of the record in the way stands only in the text. */
function conflictIn(error: VendorError, status: number | undefined): Conflict | undefined {
  const unique = problemsIn(error).find((problem) => problem.code === 'CONFLICTING_UNIQUE_VALUE');
  const text = unique?.message ?? error.message;
  const isConflict =
    unique !== undefined ||
    status === 409 ||
    error.category === 'CONFLICT' ||
    error.category === 'OBJECT_ALREADY_EXISTS' ||
    /Existing ID:/i.test(error.message);
  if (!isConflict) return undefined;
  const existingId = existingIdIn(text);
  const property = unique?.property ?? (/contact already exists/i.test(error.message) ? 'email' : undefined);
  return {
    ...(existingId === undefined ? {} : { existingId }),
    ...(property === undefined ? {} : { property }),
    message: 'Another HubSpot record already has this value, and it may be there only once.',
    remedy: 'If both are the same customer, merge them in HubSpot; if not, correct one of the two.',
    detail: text,
  };
}

function existingIdIn(text: string): string | undefined {
  return (/Existing ID:\s*(\d+)/i.exec(text) ?? /^\s*(\d+) already has that value/i.exec(text))?.[1];
}

function isPassing(error: VendorError, status: number | undefined): boolean {
  const passing = [
    'INTERNAL_ERROR',
    'SERVER_ERROR',
    'RATE_LIMITS',
    'LOCKED',
    'TIMEOUT',
    'SERVICE_UNAVAILABLE',
  ];
  return passing.includes(error.category ?? '') || (status !== undefined && status >= 500);
}

function rejectionsIn(error: VendorError): readonly Rejection[] {
  const problems = problemsIn(error);
  if (problems.length > 0)
    return problems.map(({ code, property, message }) => rejection(code, property, message));
  return [rejection(error.subCategory ?? error.category ?? 'VALIDATION_ERROR', undefined, error.message)];
}

interface ValueProblem {
  readonly code: string;
  readonly property: string | undefined;
  readonly message: string;
  /** The value at fault, where HubSpot repeats it. */
  readonly value: string | undefined;
}

/** HubSpot lists values it refuses as `errors`, or as JSON within the message, or both. */
export function problemsIn(error: VendorError): readonly ValueProblem[] {
  const inText = problemsInText(error.message);
  if (inText.length > 0) return inText;
  return (error.errors ?? []).flatMap((detail) => {
    const code = detail.code ?? detail.subCategory;
    const property = detail.context?.['propertyName']?.[0] ?? detail.context?.['properties']?.[0];
    return code === undefined && property === undefined
      ? []
      : [{ code: code ?? 'INVALID_VALUE', property, message: detail.message, value: undefined }];
  });
}

function problemsInText(message: string): readonly ValueProblem[] {
  const start = message.indexOf('[{');
  if (start < 0) return [];
  try {
    const list: unknown = JSON.parse(message.slice(start, message.lastIndexOf(']') + 1));
    return Array.isArray(list) ? list.flatMap((entry: unknown) => problemIn(entry)) : [];
  } catch {
    return [];
  }
}

function problemIn(entry: unknown): readonly ValueProblem[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, error, message, propertyValue } = entry as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string') return [];
  return [
    {
      code: typeof error === 'string' ? error : 'INVALID_VALUE',
      property: name,
      message: typeof message === 'string' ? message : '',
      value: typeof propertyValue === 'string' ? propertyValue : undefined,
    },
  ];
}

/** Whether the record is not there (any more). */
export function isGone(error: VendorError): boolean {
  return error.category === 'OBJECT_NOT_FOUND' || error.category === 'NOT_FOUND';
}

/** Ids named by an error, whatever key HubSpot chose for them. */
export function idsIn(error: VendorError): readonly string[] {
  return ['ids', 'id', 'objectId', 'INVALID_OBJECT_IDS'].flatMap((key) => contextValues(error, key));
}
