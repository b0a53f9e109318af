// For `node --import @twiceproof/otel/register`: observes every `createIdempotency` of the process that was
// given no `instrumentation`. The SDK is whoever's who starts one, before or after this.
import { TwiceproofInstrumentation } from './twiceproof-instrumentation.ts';

new TwiceproofInstrumentation();
