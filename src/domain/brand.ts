declare const brand: unique symbol;

/** `T` at run time, a type of its own in the compiler: an order id cannot be passed where a refund id is wanted. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
