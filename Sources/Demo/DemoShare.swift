import Basics
import Store

/// A town younger than a year, to measure with: some of what is over was never reported.
struct DemoShare {
    private let gone: Set<SQLValue>

    /// - Parameter share: of all matters, as many as are to stay.
    init(_ share: Double, of city: DemoCity) {
        let matters = city.values("matter", "id", "state", "merged_into")
        let named = Set(matters.map { $0[2] })
        let free = matters.filter { ![.text("open"), .text("done"), .text("merged")].contains($0[1]) && !named.contains($0[0]) }.map {
            $0[0]
        }
        let count = min(free.count, Int(Double(matters.count) * (1 - share)))
        // From all of the year.
        gone = Set((0..<count).map { free[$0 * free.count / count] })
    }

    func rows(_ rows: BulkRows) -> BulkRows {
        let owner = ["matter": "id", "entry": "subject_id", "timer": "subject_id"][rows.table] ?? "matter_id"
        guard !gone.isEmpty, let place = rows.columns.firstIndex(of: owner) else { return rows }
        return rows.changed { !gone.contains($0[$0.startIndex + place]) }
    }

    func texts(_ texts: [SearchDocument]) -> [SearchDocument] {
        texts.filter { !gone.contains(.id($0.subject)) }
    }
}
