import Basics
import Foundation
import Testing

@Suite struct ProcessLimitsTests {
    @Test("the limits are in force in the program that is run")
    func inForce() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ProcessLimits(seconds: 30, memory: 1500, output: 64).shell(
            "sh", ["-c", "ulimit -t; ulimit -v; ulimit -f; echo \"$1\"", "sh", "a b"])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.split(separator: "\n") == ["30", "1536000", "131072", "a b"])
    }
}
