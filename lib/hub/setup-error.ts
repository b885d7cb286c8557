/** Why a hub cannot be set up as its options say, in words for who runs it. */
export class SetupError extends Error {}
