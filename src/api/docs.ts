import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import helmet from 'helmet';
import { ALL_KINDS } from './problem.js';

const PATH = 'docs';

/** The OpenAPI 3.1 document of the API. */
export function openApiDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rapport')
    .setDescription(
      `Errors are problem documents (RFC 9457) with \`field\` and \`remedy\`; their types are ${ALL_KINDS.map((name) => `\`urn:rapport:problem:${name}\``).join(', ')}. Lists come in pages: give \`next\` back as \`cursor\`.`,
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: rap_…' })
    .build();
  return SwaggerModule.createDocument(app, config);
}

/**
 * The document at /docs/json and /docs/yaml, and a page to read and try it at /docs, whose scripts and styles come from
 * this server only. Call it before the application listens, after whatever else sets headers.
 */
export function setUpDocs(app: NestExpressApplication): void {
  app.use(
    `/${PATH}`,
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        'img-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        // The page's own style element; everything else is a file of this server.
        'style-src': ["'self'", "'unsafe-inline'"],
      },
    }),
  );
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup(PATH, app, () => (document ??= openApiDocument(app)), {
    jsonDocumentUrl: `${PATH}/json`,
    yamlDocumentUrl: `${PATH}/yaml`,
    customSiteTitle: 'Rapport: API',
    swaggerOptions: { persistAuthorization: false, validatorUrl: null },
  });
}
