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
        try await BenchTown.with(town, matters: matters) { town in
            var seconds: [Double] = []
            var memory = 0
            for _ in 0..<max(1, runs) {
                let (took, held) = try Self.start(town.place)
                seconds.append(took)
                memory = max(memory, held)
            }
            let sorted = seconds.sorted()
            Terminal.say(
                String(
                    format: "start to /health 200: %.2f s middle, %.2f s longest of %d (floor 2); resident memory %d MB (floor 300)",
                    sorted[sorted.count / 2], sorted[sorted.count - 1], sorted.count, memory / 1024))
        }
    }

    /// - Returns: seconds till `/health` says 200, and KiB resident one second later.
    private static func start(_ place: DatabasePlace) throws -> (seconds: Double, memory: Int) {
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
        while true {
            guard began.duration(to: clock.now) < .seconds(120) else { throw BenchFailure.noServer }
            if var socket = try? LoadSocket(port: port), let status = try? socket.send(request), status == 200 { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        let took = began.duration(to: clock.now) / .seconds(1)
        Thread.sleep(forTimeInterval: 1)
        let status = (try? String(contentsOfFile: "/proc/\(server.processIdentifier)/status", encoding: .utf8)) ?? ""
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }?.split(separator: " ").compactMap { Int($0) }.first
        return (took, resident ?? 0)
    }
}
