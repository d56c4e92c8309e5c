export { httpLogging } from './http-logging.js';
export { createLogger, LOG_LEVELS, LOGGER, type Logger, type LogLevel } from './logger.js';
export { Metrics } from './metrics.js';
export { withContext, type RunContext } from './run-context.js';
export { TelemetryModule } from './telemetry.module.js';
