/** Times of the same act differ by what a system takes to carry it out. */
const SAME_ACT_MS = 2_000;

/**
 * The field times to go by when a record is seen the first time. Where no field was changed since the record was made,
 * and yet the record was modified later, the times do not account for the modification: whatever it was, they are
 * times of a first filling in (an import), and comparing them with the modified time of a system that keeps no field
 * times would make every value here older than it is. Then none is given, and the modified time bounds them all.
 *
 * @param times ms per field; as far as the system keeps them
 * @returns the times that can be relied on
 */
export function accountableTimes(
  times: Readonly<Record<string, number>>,
  record: { readonly createdAt: number | undefined; readonly modifiedAt: number },
): Readonly<Record<string, number>> {
  const { createdAt, modifiedAt } = record;
  if (createdAt === undefined || modifiedAt <= createdAt + SAME_ACT_MS) return times;
  const changedSince = Object.values(times).some((time) => time > createdAt + SAME_ACT_MS);
  return changedSince ? times : {};
}
