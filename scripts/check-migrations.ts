/** Fails when prisma/migrations and prisma/schema.prisma differ. */
import { missingMigration } from './schema.js';

const script = await missingMigration();
if (script !== undefined) {
  process.stderr.write(`prisma/schema.prisma has what the migrations lack:\n\n${script}\n`);
  process.stderr.write('Make a migration of it: npm run migration:new -- what_it_does\n');
  process.exitCode = 1;
}
