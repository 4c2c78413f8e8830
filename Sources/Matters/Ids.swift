import Basics

package struct MatterID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// What one reporter said; made by the reporter's phone.
package struct ReportID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

/// One post's share of a matter.
package struct PartID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct ClockID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct PhotoID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}

package struct MilestoneID: Identifier {
    package let uuid: UUIDv7
    package init(_ uuid: UUIDv7) { self.uuid = uuid }
}
