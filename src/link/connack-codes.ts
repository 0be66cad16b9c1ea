/** Return codes of MQTT 3.1.1, table 3.1 (CONNACK) and section 3.9.3 (SUBACK). */
export const ACCEPTED = 0;
export const IDENTIFIER_REJECTED = 2;
export const SERVER_UNAVAILABLE = 3;
export const BAD_USERNAME_OR_PASSWORD = 4;
export const NOT_AUTHORIZED = 5;
/** Of a subscription that is not granted. */
export const NOT_GRANTED = 0x80;
