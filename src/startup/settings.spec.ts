import { SettingsError, settingsFrom } from './settings.js';

describe('settingsFrom', () => {
  it('has a default for everything', () => {
    expect(settingsFrom({})).toEqual({
      databaseUrl: undefined,
      dataDir: '.rapport',
      encryptionKey: undefined,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: undefined,
      workers: 8,
      logLevel: undefined,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(settingsFrom({ DATABASE_URL: '', PORT: '', PUBLIC_URL: '' })).toEqual(settingsFrom({}));
  });

  it('takes the public address with its path, without the slash at its end', () => {
    expect(settingsFrom({ PUBLIC_URL: 'https://hub.example.com/rapport/' }).publicUrl).toBe(
      'https://hub.example.com/rapport',
    );
  });

  it.each([
    ['DATABASE_URL', 'mysql://user:hunter2@db/x'],
    ['PORT', '-1'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'hub.example.com'],
    ['PUBLIC_URL', 'ftp://hub.example.com'],
    ['RAPPORT_WORKERS', 'many'],
    ['RAPPORT_LOG_LEVEL', 'loud'],
  ])('refuses %s=%s by name, without repeating the value', (name, value) => {
    expect(() => settingsFrom({ [name]: value })).toThrow(SettingsError);
    try {
      settingsFrom({ [name]: value });
    } catch (error) {
      expect((error as Error).message).toContain(name);
      expect((error as Error).message).not.toContain(value);
    }
  });
});
