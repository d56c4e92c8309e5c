import { makeHome, removeOrphans } from './test-home.mjs';

/** The server itself starts with the first file that asks for a database: pure tests don't wait for it. */
export default async function setUp() {
  await removeOrphans();
  process.env.RAPPORT_TEST_HOME = makeHome();
}
