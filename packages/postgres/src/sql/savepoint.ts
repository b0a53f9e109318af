/** Between the claim and the effect: a failed effect is undone, and its claim noted as failed. */
export const setSavepoint = 'SAVEPOINT idemkit_effect';
export const undoEffect = 'ROLLBACK TO SAVEPOINT idemkit_effect';
