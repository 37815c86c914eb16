import { RemovalPolicy } from 'aws-cdk-lib'

/** Votes, counts and archive outlive their stack unless it was told otherwise. */
export const keepUnless = (isRemoved: boolean): RemovalPolicy =>
  isRemoved ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
