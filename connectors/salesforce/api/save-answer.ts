/** One record's answer within a collection call (REST API Developer Guide, "sObject Collections"). */
import { errorItem, isObject, unreadableAnswer, type ApiErrorItem } from './api-failure.js';

export type SaveAnswer =
  | { readonly success: true; readonly id: string; readonly created: boolean | undefined }
  | { readonly success: false; readonly error: ApiErrorItem };

/** Answers come in the order of the records; anything else can't be told apart and is no answer at all. */
export function saveAnswers(body: unknown, count: number): readonly SaveAnswer[] {
  if (!Array.isArray(body) || body.length !== count) throw unreadableAnswer(200);
  return body.map(saveAnswer);
}

function saveAnswer(value: unknown): SaveAnswer {
  if (!isObject(value)) throw unreadableAnswer(200);
  const { success, id, created, errors } = value;
  if (success === true && typeof id === 'string')
    return { success, id, created: typeof created === 'boolean' ? created : undefined };
  return { success: false, error: errorItem(Array.isArray(errors) ? errors[0] : undefined) };
}
