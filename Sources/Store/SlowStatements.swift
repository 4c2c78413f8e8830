import Foundation
import Logging

/// Says which statements take long, when `WEIWANG_SLOW` names how many milliseconds are long: the text, never the values.
enum SlowStatements {
    private static let least = ProcessInfo.processInfo.environment["WEIWANG_SLOW"].flatMap { Double($0) }
    private static let logger = Logger(label: "slow")

    @inline(__always) static func told<T>(_ sql: SQL, _ dialect: Dialect, _ body: () throws -> T) rethrows -> T {
        guard let least else { return try body() }
        let began = ContinuousClock.now
        defer {
            let took = began.duration(to: .now) / .milliseconds(1)
            if took >= least {
                let text = sql.text(dialect).split(whereSeparator: \.isWhitespace).joined(separator: " ")
                logger.warning("slow statement", metadata: ["ms": "\(Int(took))", "sql": "\(text)"])
            }
        }
        return try body()
    }
}
