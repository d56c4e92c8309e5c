/**
 * One table from what Salesforce says of one record to what the hub does with it. Codes: SOAP API Developer Guide,
 * "Core Data Types", StatusCode.
 */
import type { Rejection } from '../../../src/sdk/index.js';
import type { ApiErrorItem } from '../api/api-failure.js';

/**
 * rejected   the record is refused for what it is
 * conflict   another record stands in the way
 * retry      may pass later
 * throttled  may pass when calls are left again
 * missing    the record, or one it points at, is gone: which one, a look tells
 * converted  a lead that has become a contact
 */
export type Handling = 'rejected' | 'conflict' | 'retry' | 'throttled' | 'missing' | 'converted';

interface RecordError {
  readonly handling: Handling;
  readonly message: string;
  readonly remedy: string;
}

const rejected = (message: string, remedy: string): RecordError => ({
  handling: 'rejected',
  message,
  remedy,
});
const passing = (message: string): RecordError => ({
  handling: 'retry',
  message,
  remedy: 'Nothing to do: it is tried again by itself.',
});

const GRANT =
  "Give the integration user edit access to the field (profile or permission set, Field-Level Security), or set the mapping's direction to pull.";

const TABLE: Readonly<Record<string, RecordError>> = {
  STRING_TOO_LONG: rejected(
    'The value is longer than the field takes.',
    'Shorten the value, lengthen the field in Salesforce, or leave the field out of the mapping.',
  ),
  INVALID_EMAIL_ADDRESS: rejected(
    'Salesforce does not take the value as an e-mail address.',
    'Correct the address where it comes from.',
  ),
  FIELD_CUSTOM_VALIDATION_EXCEPTION: rejected(
    'A validation rule of the org refuses the record.',
    'Correct the value as the rule asks (its text is in the detail), or exempt the integration user in the rule.',
  ),
  REQUIRED_FIELD_MISSING: rejected(
    'A field that must be filled is blank.',
    'Fill the field where the value comes from, map it, or give it a default in Salesforce.',
  ),
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: rejected(
    'The value is none of the options of the picklist.',
    'Add the value to the picklist in Salesforce, or translate it by `values` in the mapping.',
  ),
  INVALID_FIELD: rejected(
    'The field does not exist, or the integration user may not see it.',
    "Correct the field's name in the mapping, or give the user access to it.",
  ),
  INVALID_FIELD_FOR_INSERT_UPDATE: rejected('The field can not be written.', GRANT),
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: rejected(
    'A trigger or flow of the org failed on the record.',
    'Show the detail to the Salesforce administrator: automation in the org must be corrected.',
  ),
  CANNOT_EXECUTE_FLOW_TRIGGER: rejected(
    'A flow of the org failed on the record.',
    'Show the detail to the Salesforce administrator: the flow must be corrected.',
  ),
  FIELD_INTEGRITY_EXCEPTION: rejected(
    'The value does not fit the field: a wrong kind of record, or a code that is not known (state, country).',
    'Correct the value; where State and Country Picklists are on, the text must be one of their names.',
  ),
  DUPLICATE_VALUE: {
    handling: 'conflict',
    message: 'Another record has this value in a field where it must be unique.',
    remedy: 'See whether the two are the same: merge them, or correct the value.',
  },
  DUPLICATE_EXTERNAL_ID: {
    handling: 'conflict',
    message: "Several records carry the hub's id for this one.",
    remedy: "Make the hub's id field unique in Salesforce and clear it on the wrong records.",
  },
  DUPLICATES_DETECTED: {
    handling: 'conflict',
    message: 'A duplicate rule of the org says that the record exists already.',
    remedy:
      'See whether the two are the same: link or merge them; or let the rule pass the integration user.',
  },
  MALFORMED_ID: rejected('A reference does not hold a record id.', 'Correct the mapping of the reference.'),
  INVALID_TYPE_ON_FIELD_IN_RECORD: rejected(
    'The value is not of the type of the field.',
    'Correct the value, or map a field of a fitting type.',
  ),
  NUMBER_OUTSIDE_VALID_RANGE: rejected('The number is larger than the field takes.', 'Correct the number.'),
  JSON_PARSER_ERROR: rejected(
    'The value is not of the type of the field.',
    'Correct the value, or map a field of a fitting type.',
  ),
  INACTIVE_OWNER_OR_USER: rejected('The owner is an inactive user.', 'Choose another owner.'),
  TRANSFER_REQUIRES_READ: rejected(
    'The new owner has no access to the object.',
    'Give the owner read access, or choose another.',
  ),
  CIRCULAR_DEPENDENCY: rejected('The record would be its own parent.', 'Correct the parent.'),
  INSUFFICIENT_ACCESS_OR_READONLY: rejected(
    'The integration user may not change this record.',
    'Give it access by sharing rules or the "Modify All" right of the object; a record in approval is locked until that ends.',
  ),
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: rejected(
    'The integration user may not use the record that is pointed at.',
    'Give it access to that record (account, owner, record type).',
  ),
  ENTITY_IS_LOCKED: rejected(
    'The record is locked by an approval process.',
    'It can be written when the approval has ended; or let the integration user edit locked records.',
  ),
  DELETE_FAILED: rejected(
    'Other records hold on to this one, so it can not be deleted.',
    'Close or move what hangs on it (cases, contracts) in Salesforce.',
  ),
  STORAGE_LIMIT_EXCEEDED: rejected('The org has no storage left.', 'Free or buy storage in Salesforce.'),
  OWNER_NOT_FOUND: rejected(
    'No active Salesforce user has this e-mail address.',
    'Choose an owner who is a user there, or set the mapping of the owner to pull.',
  ),
  UNMAPPED_STAGE: rejected(
    'The org has no stage that this one corresponds to.',
    'Say which one it is by `values` in the mapping of the stage (Salesforce stage: stage of the hub), or add a stage of that name in Salesforce. Until then the opportunity stays where it is.',
  ),
  CURRENCY_NOT_ENABLED: rejected(
    'The org has one currency, and the deal is in another; its amount is not written either.',
    'Correct the currency of the deal, leave such deals out with a filter, or turn on multiple currencies in Salesforce.',
  ),
  CURRENCY_INACTIVE: rejected(
    'The currency of the deal is not active in the org; its amount is not written either.',
    'Activate the currency (Setup, Manage Currencies), or correct it on the deal.',
  ),
  INVALID_CURRENCY_ISO: rejected(
    'Salesforce does not know the currency.',
    'Correct the currency, or activate it (Setup, Manage Currencies).',
  ),
  CURRENCY_UNKNOWN: rejected(
    'The org has one currency, and nobody told which; the amount is not written either.',
    'Name it in the settings of the connection: `currency: EUR`.',
  ),
  CONTACT_ROLES_HIDDEN: rejected(
    'The integration user may not see the contact roles of opportunities.',
    'Give it access to opportunities and their contact roles, or set the direction of the customers of deals to none.',
  ),
  VALUE_OF_WRONG_TYPE: rejected(
    'The value is not of the type of the field.',
    'Correct the value, or map a field of a fitting type.',
  ),
  ENTITY_IS_DELETED: {
    ...rejected('The record pointed at is deleted.', 'Restore it, or point at another.'),
    handling: 'missing',
  },
  NOT_FOUND: {
    ...rejected('The record pointed at does not exist.', 'Point at another.'),
    handling: 'missing',
  },
  INVALID_CROSS_REFERENCE_KEY: {
    ...rejected('The record pointed at does not exist, or is of the wrong kind.', 'Point at another.'),
    handling: 'missing',
  },
  CANNOT_UPDATE_CONVERTED_LEAD: {
    ...rejected('The lead has been converted and can not be changed.', 'Change the contact instead.'),
    handling: 'converted',
  },
  UNABLE_TO_LOCK_ROW: passing('The record was locked by another change.'),
  QUERY_TIMEOUT: passing('Automation of the org took too long.'),
  SERVER_UNAVAILABLE: passing('Salesforce is not available.'),
  UNKNOWN_EXCEPTION: passing('Salesforce failed inside.'),
  INVALID_SESSION_ID: passing('The session ended.'),
  APEX_ERROR: passing('Automation of the org failed.'),
  ALL_OR_NONE_OPERATION_ROLLED_BACK: passing('Another record of the same call failed.'),
  REQUEST_LIMIT_EXCEEDED: { ...passing('The org has used up its API calls.'), handling: 'throttled' },
};

const UNKNOWN = rejected(
  'Salesforce refuses the record.',
  'See the detail for its own words; the Salesforce administrator can tell what they mean.',
);

export function recordError(code: string): RecordError {
  return TABLE[code] ?? UNKNOWN;
}

/** A refusal of the connector's own, before anything was sent, or one in the vendor's name. */
export function rejectionOf(
  code: string,
  at: { readonly property?: string | undefined; readonly detail?: string },
): Rejection {
  const { message, remedy } = recordError(code);
  const { property, detail } = at;
  return {
    code,
    message,
    remedy,
    ...(property === undefined ? {} : { property }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** A written field: its API name, label and the property it carries. */
export interface Written {
  readonly property: string;
  readonly field: { readonly name: string; readonly label: string; readonly type: string };
}

/**
 * One rejection for each written property the error names. A field that was not written (a validation rule looks at
 * others too) stands in the message only: leaving it out of the next attempt would change nothing.
 */
export function rejectionsOf(error: ApiErrorItem, written: readonly Written[]): readonly Rejection[] {
  const detail = `${error.code}: ${error.message}`;
  const properties = guilty(error, written);
  if (properties.length > 0)
    return properties.map((property) => rejectionOf(error.code, { property, detail }));
  const rejection = rejectionOf(error.code, { detail });
  if (error.fields.length === 0) return [rejection];
  return [{ ...rejection, message: `${rejection.message} Fields: ${error.fields.join(', ')}.` }];
}

function guilty(error: ApiErrorItem, written: readonly Written[]): readonly string[] {
  const named = new Set(error.fields.map((name) => name.toLowerCase()));
  const direct = written.filter((one) => named.has(one.field.name.toLowerCase()));
  if (direct.length > 0) return direct.map((one) => one.property);
  if (named.size > 0) return [];
  const column = /No such column '([^']+)'/.exec(error.message)?.[1]?.toLowerCase();
  const label = /^([^:]+): /.exec(error.message)?.[1];
  const told = written.find((one) => one.field.name.toLowerCase() === column || one.field.label === label);
  if (told !== undefined) return [told.property];
  if (error.code === 'INACTIVE_OWNER_OR_USER')
    return onlyOf(written.filter((one) => one.field.name === 'OwnerId'));
  const references = written.filter((one) => one.field.type === 'reference');
  return recordError(error.code).handling === 'missing' ? onlyOf(references) : [];
}

/** With several suspects, none is named: the hub would drop the wrong one. */
function onlyOf(suspects: readonly Written[]): readonly string[] {
  return suspects.length === 1 ? suspects.map((one) => one.property) : [];
}
