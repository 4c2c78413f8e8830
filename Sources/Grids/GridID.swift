import Basics

package struct GridID: Identifier {
/// A grid's identity, for life; its path and its shape have dates.
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}
