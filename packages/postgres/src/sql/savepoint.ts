/** Between the claim and the effect: a failed effect is undone, and its claim noted as failed. */
export const setSavepoint = 'SAVEPOINT twiceproof_effect';
export const undoEffect = 'ROLLBACK TO SAVEPOINT twiceproof_effect';
