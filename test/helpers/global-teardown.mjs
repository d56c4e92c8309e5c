import { removeHome } from './test-home.mjs';

export default async function tearDown() {
  await removeHome(process.env.RAPPORT_TEST_HOME);
}
