/** What a resolver reads of metadata, kept ready beside it: to read a hundred METADATA files takes longer than to solve them. */
export { type MetadataNeeds as FileNeeds, readNeeds as needsOf } from '@cheeseshop/packaging'
