import { z } from 'zod';
import { credentialsSchema, settingsSchema } from './config.js';
import { objectsOf } from './objects.js';

describe('configuration', () => {
  it('needs nothing but what has no default', () => {
    expect(settingsSchema.parse({})).toEqual({
      loginUrl: 'https://login.salesforce.com',
      apiVersion: '62.0',
      newPeopleAs: 'contact',
      leads: false,
      changeEvents: true,
      overlapSeconds: 300,
      bulkReadAbove: 50_000,
      bulkWriteAbove: 2_000,
    });
  });

  it('refuses unknown keys, versions without upsert collections, and addresses that are none', () => {
    for (const wrong of [
      { loginurl: 'x' },
      { apiVersion: '45.0' },
      { apiVersion: 62 },
      { loginUrl: 'ftp://x' },
    ])
      expect(settingsSchema.safeParse(wrong).success).toBe(false);
    expect(credentialsSchema.safeParse({ grantType: 'client_credentials', clientId: 'x' }).success).toBe(
      false,
    );
  });

  it('gives JSON Schemas for forms', () => {
    for (const schema of [settingsSchema, credentialsSchema])
      expect(() => z.toJSONSchema(schema, { io: 'input' })).not.toThrow();
  });

  it('maps each canonical field once', () => {
    for (const { mapping } of objectsOf(settingsSchema.parse({ leads: true }))) {
      expect(new Set(mapping.map((line) => line.field)).size).toBe(mapping.length);
    }
  });

  it('has leads only where they are wanted', () => {
    const names = (settings: object): readonly string[] =>
      objectsOf(settingsSchema.parse(settings)).map((one) => one.object);
    expect(names({})).toEqual(['account', 'contact', 'opportunity']);
    expect(names({ newPeopleAs: 'lead' })).toEqual(['account', 'contact', 'lead', 'opportunity']);
  });
});
