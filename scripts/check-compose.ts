/** Reads docker-compose.yml as Compose does, as far as that can be done without it, and .env.example beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../src/platform/package-root.js';

const root = packageRoot();

const healthcheck = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: z.array(z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
  }),
]);

const service = z.strictObject({
  build: z.string().optional(),
  image: z.string(),
  init: z.boolean().optional(),
  restart: z.enum(['unless-stopped']).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_started']) }))
    .optional(),
  ports: z.array(z.string().regex(/^(\d+\.\d+\.\d+\.\d+:)?(\d+|\$\{\w+:-\d+\}):\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^[./\w]+:\/[\w/]+(:ro)?$/)).optional(),
  healthcheck: healthcheck.optional(),
  profiles: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
  deploy: z
    .strictObject({ replicas: z.union([z.number(), z.string().regex(/^\$\{\w+:-\d+\}$/)]) })
    .optional(),
});

const compose = z.looseObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const problems: string[] = [];
const expect = (holds: boolean, problem: string): void => {
  if (!holds) problems.push(problem);
};

function checkCompose(variables: ReadonlySet<string>): void {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const parsed = compose.safeParse(parse(text, { merge: true }));
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => `docker-compose.yml: ${issue.path.join('.')}: ${issue.message}`),
    );
    return;
  }
  const { services, volumes } = parsed.data;
  for (const name of ['postgres', 'serve', 'worker']) {
    expect(services[name] !== undefined, `docker-compose.yml: there is no service ${name}.`);
    expect(services[name]?.profiles === undefined, `docker-compose.yml: ${name} starts only with a profile.`);
  }
  expect(services['serve']?.command?.[0] === 'serve', 'docker-compose.yml: serve does not serve.');
  expect(services['worker']?.command?.[0] === 'worker', 'docker-compose.yml: worker is not a worker.');
  expect(services['worker']?.deploy !== undefined, 'docker-compose.yml: the workers cannot be several.');
  expect(
    Object.values(services).some((one) => one.profiles?.includes('sandbox') === true),
    'docker-compose.yml: there is no profile sandbox.',
  );
  for (const [name, one] of Object.entries(services)) {
    for (const needed of Object.keys(one.depends_on ?? {})) {
      expect(
        services[needed]?.healthcheck !== undefined,
        `docker-compose.yml: ${name} waits for ${needed}'s health.`,
      );
    }
    for (const volume of one.volumes ?? []) {
      const source = volume.split(':', 1)[0] ?? '';
      expect(
        source.startsWith('.') || source in volumes,
        `docker-compose.yml: ${name} uses no known volume ${source}.`,
      );
    }
    if (one.build === undefined) continue;
    for (const variable of Object.keys(one.environment ?? {})) {
      expect(
        variables.has(variable),
        `docker-compose.yml: ${name} sets ${variable}, which .env.example does not know.`,
      );
    }
  }
}

/** Variables that the code reads, by the names they have. */
function variablesInCode(): Set<string> {
  const found = new Set<string>();
  for (const path of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.spec.ts') || path.includes('generated')) continue;
    const text = readFileSync(join(root, 'src', path), 'utf8');
    for (const [name] of text.matchAll(/\b(?:RAPPORT_[A-Z_]+|DATABASE_URL|PUBLIC_URL)\b/g)) found.add(name);
  }
  return found;
}

const example = readFileSync(join(root, '.env.example'), 'utf8');
const variables = new Set([...example.matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1] ?? ''));
for (const variable of variablesInCode()) {
  expect(variables.has(variable), `.env.example does not know ${variable}, which the code reads.`);
}
checkCompose(variables);

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
}
