import ArgumentParser
import Foundation
import Store

/// `weiwang bench start`: a server of its own on many matters, from its start to `/health` 200, and the memory it then holds.
struct BenchStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a server on a million matters: seconds to /health 200, memory held.")

    @OptionGroup var town: BenchTownOptions
    @Option(help: "How many matters to fill in.") var matters = 1_000_000
    @Option(help: "How many starts.") var runs = 5

    func run() async throws {
        try await BenchTown.with(town, matters: matters) { town in try Self.measure(town, runs: runs) }
    }

    static func measure(_ town: BenchTown, runs: Int) throws {
        try? FileManager.default.removeItem(atPath: town.place.folder + "/board")
        // The first finds no file of the board and reads the tables.
        let first = try start(town.place)
        var others: [Start] = []
        for _ in 0..<max(1, runs) { others.append(try start(town.place)) }
        say("first start", [first])
        say("later starts", others)
    }

    struct Start {
        /// Seconds till `/health` says 200, and till figures are counted.
        let served: Double
        let counted: Double
        /// KiB resident two seconds after that, and at most.
        let memory: Int
        let peak: Int
    }

    private static func say(_ name: String, _ starts: [Start]) {
        let (served, counted) = (starts.map(\.served).sorted(), starts.map(\.counted).sorted())
        let middle = String(
            format: "/health 200 after %.2f s, longest of %d %.2f s (floor 2)", served[served.count / 2], served.count,
            served[served.count - 1])
        let held = String(
            format: "resident %d MB (floor 300), at most %d MB", (starts.map(\.memory).max() ?? 0) / 1024,
            (starts.map(\.peak).max() ?? 0) / 1024)
        Terminal.say("\(name): \(middle); counted after \(String(format: "%.2f", counted[counted.count / 2])) s; \(held)")
    }

    static func start(_ place: DatabasePlace) throws -> Start {
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        server.arguments = ["serve", "--data", place.folder, "--port", "0"]
        if case .postgres(let url, _) = place { server.arguments? += ["--database", url] }
        let said = Pipe()
        server.standardOutput = said
        server.standardError = FileHandle.nullDevice
        let clock = ContinuousClock()
        let began = clock.now
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        // Its first line is its address.
        var line = ""
        while !line.contains("\n") {
            let more = said.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchFailure.noServer }
            line += String(decoding: more, as: UTF8.self)
        }
        guard let port = Int(line.prefix { $0 != "\n" }.split(separator: ":").last ?? "") else { throw BenchFailure.noServer }
        let request = Array("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        func waited(for answer: (Int, String) -> Bool) throws -> Double {
            while true {
                guard began.duration(to: clock.now) < .seconds(600) else { throw BenchFailure.noServer }
                if var socket = try? LoadSocket(port: port), let (status, body) = try? socket.read(request), answer(status, body) {
                    return began.duration(to: clock.now) / .seconds(1)
                }
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
        let served = try waited { status, _ in status == 200 }
        let counted = try waited { _, body in body.replacing(" ", with: "").contains("\"counted\":true") }
        Thread.sleep(forTimeInterval: 2)
        let process = "\(server.processIdentifier)"
        return Start(served: served, counted: counted, memory: memory(of: process), peak: memory("VmHWM:", of: process))
    }

    /// KiB that a process holds. - Parameter name: of a line of `/proc/…/status`.
    static func memory(_ name: String = "VmRSS:", of process: String = "self") -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}
