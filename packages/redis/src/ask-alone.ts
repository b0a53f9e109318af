import type { Fault } from './fault.ts';
import type { RecordRequest } from './record-requests.ts';

/** A request that meets no others, to the end. */
export async function askAlone<Request extends RecordRequest<Answer, Result>, Answer, Result>(
  request: Request,
  send: (request: Request) => Promise<Answer>,
  fault: Fault,
): Promise<Result> {
  let answer: Answer;
  try {
    answer = await send(request);
  } catch (error) {
    throw fault(error, request.id);
  }
  return request.answered(answer);
}
