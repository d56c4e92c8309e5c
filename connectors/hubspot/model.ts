/** Fills a model class of HubSpot's client: its methods want instances, not plain objects. */
export function model<T extends object>(type: new () => T, values: { readonly [K in keyof T]: T[K] }): T {
  return Object.assign(new type(), values);
}
