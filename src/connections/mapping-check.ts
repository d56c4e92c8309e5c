import { suggestion } from '../sdk/nearest.js';
import type { CheckItem, FieldMapping, ObjectDescription, PropertyDescription } from '../sdk/index.js';
import type { ObjectSetup } from './active-connection.js';

/**
 * Whether the lines that the configuration adds to a connector's mapping name properties that are there, and write
 * only what can be written. A line counts for all objects of its entity: a property of one of them is enough.
 */
export function checkMapping(
  objects: readonly ObjectSetup[],
  described: readonly ObjectDescription[],
): readonly CheckItem[] {
  const propertiesOf = new Map(described.map(({ object, properties }) => [object, properties]));
  return [...Map.groupBy(objects, (setup) => setup.entity).values()].flatMap((setups) => {
    const known = setups.flatMap((setup) => propertiesOf.get(setup.object) ?? []);
    const lines = new Map(
      setups.flatMap(ownLines).map((line) => [`${line.field} ${line.property} ${line.direction}`, line]),
    );
    return [...lines.values()].flatMap((line) => checkLine(line, known));
  });
}

/** Whether the configuration maps anything otherwise than the connector does: only then there is something to check. */
export function mapsMore(objects: readonly ObjectSetup[]): boolean {
  return objects.some((setup) => ownLines(setup).length > 0);
}

/** What stands in the mapping otherwise than the connector brings it. */
function ownLines({ mapping, declaration }: ObjectSetup): FieldMapping[] {
  return mapping.filter(
    (line) => !declaration.mapping.some((own) => own.field === line.field && own.property === line.property),
  );
}

function checkLine(line: FieldMapping, known: readonly PropertyDescription[]): CheckItem[] {
  const { field, property, direction } = line;
  const found = known.filter(({ name }) => name.toLowerCase() === property.toLowerCase());
  if (found.length === 0) {
    return [
      {
        name: 'mapping',
        status: 'failed',
        message: `${field} is mapped to "${property}", which is not there, or not to be seen by this user: it is left out.`,
        remedy: `${suggestion(
          property,
          known.map(({ name }) => name),
        )} Or make the property, and give the integration user the right to see it.`,
      },
    ];
  }
  if (direction === 'pull' || found.some(({ writable }) => writable)) return [];
  return [
    {
      name: 'mapping',
      status: 'warning',
      message: `${field} is to be written to "${property}", which is read-only: it is only read.`,
      remedy: `Set the direction of ${field} to "pull", map it to another property, or give the integration user the right to edit it.`,
    },
  ];
}
