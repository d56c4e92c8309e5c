import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFrom } from '../startup/settings.js';
import { EnvironmentFileError, variableOf } from './environment-file.js';
import { parseConfig, type ConfigProblem } from './config/index.js';

describe('a variable given by file', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    path = join(folder, 'secret');
    writeFileSync(path, 'hunter2: {a}\n', { mode: 0o400 });
    chmodSync(path, 0o400);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('has what the file holds, without the line end', () => {
    expect(variableOf({ TOKEN_FILE: path }, 'TOKEN')).toBe('hunter2: {a}');
    expect(variableOf({ TOKEN: '', TOKEN_FILE: path }, 'TOKEN')).toBe('hunter2: {a}');
    expect(variableOf({ TOKEN: 'own', TOKEN_FILE: '' }, 'TOKEN')).toBe('own');
    expect(variableOf({}, 'toString')).toBeUndefined();
  });

  it('is refused when it is set twice, or the file is not there, by name and without a value', () => {
    const twice = (): unknown => variableOf({ TOKEN: 'hunter2', TOKEN_FILE: path }, 'TOKEN');
    expect(twice).toThrow(EnvironmentFileError);
    expect(twice).toThrow('Both TOKEN and TOKEN_FILE are set.');
    const gone = (): unknown => variableOf({ TOKEN_FILE: join(folder, 'gone') }, 'TOKEN');
    expect(gone).toThrow('The file that TOKEN_FILE names cannot be read (ENOENT).');
  });

  it('serves the settings of a process', () => {
    writeFileSync(join(folder, 'url'), 'postgresql://user:pass@db/rapport\n');
    const settings = settingsFrom({
      DATABASE_URL_FILE: join(folder, 'url'),
      RAPPORT_ENCRYPTION_KEY_FILE: path,
    });
    expect(settings).toMatchObject({
      databaseUrl: 'postgresql://user:pass@db/rapport',
      encryptionKey: 'hunter2: {a}',
    });
  });

  it('serves the references of a configuration, which tells a file that is not there with its place', () => {
    const text = 'connections:\n  - name: ${NAME}\n';
    const read = (environment: Record<string, string>): readonly ConfigProblem[] => {
      const result = parseConfig({ text, folder, environment });
      return result.ok ? [] : result.problems;
    };
    const problems = read({ NAME_FILE: join(folder, 'gone') });
    expect(problems).toContainEqual(
      expect.objectContaining({ line: 2, message: 'The file that NAME_FILE names cannot be read (ENOENT).' }),
    );
    writeFileSync(join(folder, 'name'), 'crm\n');
    const well = read({ NAME_FILE: join(folder, 'name') });
    expect(well.filter(({ message }) => message.includes('NAME'))).toEqual([]);
  });
});
