/** `npm run migration:new -- add_tags`: writes what prisma/schema.prisma has and the migrations lack as a new one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationsFolder, missingMigration } from './schema.js';

const name = process.argv[2];

if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write('Say what the migration does, in lower case: npm run migration:new -- add_tags\n');
  process.exitCode = 2;
} else {
  const script = await missingMigration();
  if (script === undefined) {
    process.stdout.write('The migrations give the schema already: nothing to do.\n');
  } else {
    const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const folder = join(migrationsFolder, `${time}_${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'migration.sql'), script);
    process.stdout.write(`Written: ${join(folder, 'migration.sql')}\nRead it before you commit it.\n`);
  }
}
