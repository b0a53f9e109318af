import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';

// Core loads what operators need when they first ask for something. That takes real time, of which none
// passes in a schedule: the first one in a thread would have no operators.
const { records } = createIdempotency({ environment: 'sim', store: memoryStore() });
await records.list();
