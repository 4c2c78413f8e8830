import Basics
import Testing

@Suite struct UUIDv7Tests {
    @Test func sortsByTheTimeItWasMade() {
        // A sequence of its own: other tests ask the shared one for ids of other times.
        let sequence = UUIDv7.Sequence()
        var last = UUIDv7(at: Instant(milliseconds: 0), in: sequence)
        for step in 0..<20_000 {
            let next = UUIDv7(at: Instant(milliseconds: Int64(1_700_000_000_000 + step / 50)), in: sequence)
            #expect(next > last)
            last = next
        }
    }

    @Test("a clock set back an hour, or forward a day and back: what is made later sorts later")
    func clockSetBack() {
        let sequence = UUIDv7.Sequence()
        let noon = Instant(milliseconds: 1_700_000_000_000)
        var last = UUIDv7(at: noon, in: sequence)
        for clock in [noon, noon - .hours(1), noon + .days(1), noon + .minutes(1), noon + .days(1) + .hours(1)] {
            for step in 0..<10_000 {
                let next = UUIDv7(at: clock + Span(milliseconds: Int64(step / 100)), in: sequence)
                #expect(next > last)
                last = next
            }
        }
    }

    @Test("what is of the past on purpose keeps its time; a new process goes on behind the old one")
    func past() {
        let sequence = UUIDv7.Sequence()
        let noon = Instant(milliseconds: 1_700_000_000_000)
        sequence.goOn(behind: noon)
        let first = UUIDv7(at: noon - .hours(1), in: sequence)
        #expect(first > UUIDv7(at: noon, in: UUIDv7.Sequence()))
        var last = UUIDv7(at: noon - .days(30), in: sequence)
        #expect(last.high >> 16 == UInt64((noon - .days(30)).milliseconds))
        for _ in 0..<10_000 {
            let next = UUIDv7(at: noon - .days(30), in: sequence)
            #expect(next > last)
            last = next
        }
        #expect(last < first && UUIDv7(at: noon, in: sequence) > first)
    }

    @Test func textAndBytesGoThereAndBack() {
        let id = UUIDv7(at: .systemNow)
        #expect(UUIDv7(id.description) == id)
        #expect(UUIDv7(id.description.uppercased()) == id)
        #expect(UUIDv7(bytes: id.bytes) == id)
        #expect(Array(id.description)[14] == "7")
        #expect("89ab".contains(Array(id.description)[19]))
    }

    @Test(arguments: ["", "x", "0193", "01937b4e-0000-7000-8000-00000000000g", "01937b4e-0000-7000-8000-0000000000000"])
    func isNone(_ text: String) { #expect(UUIDv7(text) == nil) }
}
