export { createHttpSender, type HttpSender } from '../../sdk/http-sender.js';
export * from './clock-offset.js';
export * from './metered-http.js';
