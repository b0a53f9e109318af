export { describeIdempotentHttp } from './describe-idempotent-http.ts';
export type { HttpHarness, HttpStart } from './http-harness.ts';
export {
  type IdempotentHttpService,
  idempotentHttpService,
  type ServiceRequest,
  type ServiceResponse,
} from './service.ts';
