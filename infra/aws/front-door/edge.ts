import { Aws, Fn } from 'aws-cdk-lib'

/**
 * How CloudFront makes its word believed. Behind it every request comes from an address of CloudFront's, and
 * X-Forwarded-For begins with whatever the viewer wrote there; so a function of ours says who the viewer is, and an origin
 * header that only this distribution sends says that it was the one to say so.
 */
export type Edge = {
  /** Request header with the viewer's address, set by a CloudFront function over whatever a viewer sent. */
  viewerHeader: string
  /** Custom origin header, with a value that no file holds. */
  proofHeader: string
  proof: string
}

/** The proof is the random part of the stack's id. It guards a rate limit and nothing more. */
export const edgeOf = (): Edge => ({
  viewerHeader: 'x-placar-viewer',
  proofHeader: 'x-placar-edge',
  proof: Fn.select(2, Fn.split('/', Aws.STACK_ID)),
})
