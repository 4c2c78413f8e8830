import Foundation
import GRDB

/// Why the data cannot be reached or written just now. Nothing of the request was kept; the same request may come again later.
package enum Outage: String, Sendable {
    case diskFull, diskFailing, databaseAway

    /// Nil for a failure of any other sort.
    package init?(_ error: any Error) {
        switch error {
        case let failure as StoreFailure: self.init(failure)
        case let failure as DatabaseError: self.init(failure)
        default: self.init(file: error as NSError)
        }
    }

    private init?(_ failure: StoreFailure) {
        switch failure {
        case .connection, .closed: self = .databaseAway
        case .statement(_, let state) where state == "53100": self = .diskFull
        case .statement(_, let state) where state == "58030": self = .diskFailing
        // 08 no connection, 53 out of connections or memory, 57P the server goes down or comes up, 25006 it has become a standby.
        case .statement(_, let state) where ["08", "53", "57P", "25006"].contains { state.hasPrefix($0) }: self = .databaseAway
        default: return nil
        }
    }

    private init?(_ failure: DatabaseError) {
        switch failure.resultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_IOERR, .SQLITE_CANTOPEN: self = .diskFailing
        case .SQLITE_BUSY: self = .databaseAway
        default: return nil
        }
    }

    /// Of the folder of files. NB: Foundation hides what the system said one level down.
    private init?(file error: NSError) {
        let said = error.domain == NSPOSIXErrorDomain ? error : error.userInfo[NSUnderlyingErrorKey] as? NSError
        if let said, said.domain == NSPOSIXErrorDomain {
            switch Int32(said.code) {
            case ENOSPC, EDQUOT: self = .diskFull
            case EIO, EROFS, EMFILE, ENFILE: self = .diskFailing
            default: return nil
            }
            return
        }
        guard error.domain == NSCocoaErrorDomain else { return nil }
        switch CocoaError.Code(rawValue: error.code) {
        case .fileWriteOutOfSpace: self = .diskFull
        case .fileWriteUnknown, .fileReadUnknown, .fileWriteVolumeReadOnly: self = .diskFailing
        default: return nil
        }
    }
}
