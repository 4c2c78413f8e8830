import Foundation
import Store
import Testing

@Suite struct OutageTests {
    @Test("what the system says of a disk or a database becomes one of three sorts; anything else is no outage")
    func sorts() {
        func state(_ state: String) -> Outage? { Outage(StoreFailure.statement("", state: state)) }
        #expect(state("53100") == .diskFull && state("58030") == .diskFailing)
        for gone in ["08000", "08006", "57P01", "57P03", "53300", "25006"] { #expect(state(gone) == .databaseAway, "\(gone)") }
        for ours in ["23505", "42601", "40001", "57014"] { #expect(state(ours) == nil, "\(ours)") }
        #expect(Outage(StoreFailure.connection("refused")) == .databaseAway)
        #expect(Outage(POSIXError(.ENOSPC)) == .diskFull && Outage(POSIXError(.EIO)) == .diskFailing)
        #expect(Outage(CocoaError(.fileWriteOutOfSpace)) == .diskFull && Outage(CocoaError(.fileNoSuchFile)) == nil)
        #expect(Outage(POSIXError(.ENOENT)) == nil)
    }
}
