import ArgumentParser
import Basics
import Catalog
import Delivery
import Demo
import Foundation
import Store

/// `weiwang demo --data DIR`: an invented district to look at, always the same on one day.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill an absent or empty folder with an invented district and a year of its matters.")

    @OptionGroup var data: DataOptions

    func run() async throws {
        let place = try data.place()
        guard DemoFill.isEmpty(place.folder) else { throw DemoRefusal.notEmpty(place.folder) }
        let began = Date()
        let (signIns, strings) = try await Engines.with(place) { engines in
            let catalog = engines.catalog.current
            // Its year ends with the last full hour, so that two demos of one hour are the same.
            let filledAt = Instant(milliseconds: engines.time.now.milliseconds / 3_600_000 * 3_600_000)
            let content = try DemoContent(home: engines.home, day: filledAt.day(in: catalog.platform.zone))
            let fill = DemoFill(content, catalog: catalog)
            // Notices would tell somebody; the seal must have every line.
            let skipped = [Notices(matters: engines.matters).name]
            let signIns = try await fill.fill(engines.database, filledAt: filledAt, skipping: skipped) { table, rows in
                Terminal.warn(catalog.strings.text("demo.progress", Terminal.language, ["table": table, "count": String(rows)]))
            }
            return (signIns, catalog.strings)
        }
        let seconds = String(format: "%.1f", Date().timeIntervalSince(began))
        Terminal.warn(strings.text("demo.done", Terminal.language, ["seconds": seconds]))
        for signIn in signIns { Terminal.say("\(signIn.role) \(signIn.name) \(signIn.password)") }
    }
}
