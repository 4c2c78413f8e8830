/// Limits that a shell sets before it becomes another program, for programs that read what strangers send.
package struct ProcessLimits: Sendable {
    let seconds: Int
    let memory: Int
    let output: Int?

    /// - Parameters:
    ///   - seconds: of processor time.
    ///   - memory: megabytes of addresses.
    ///   - output: megabytes of a file that it writes; nil has no limit.
    package init(seconds: Int, memory: Int, output: Int? = nil) {
        self.seconds = seconds
        self.memory = memory
        self.output = output
    }

    /// Arguments of `/bin/sh` that run a program within the limits.
    package func shell(_ program: String, _ arguments: [String]) -> [String] {
        // NB: Debian's shell takes one limit at a time; given several it says so, sets none and goes on. Files count in 512 bytes.
        let limits = ["-t \(seconds)", "-v \(memory * 1024)"] + (output.map { ["-f \($0 * 2048)"] } ?? [])
        return ["-c", limits.map { "ulimit \($0) && " }.joined() + "exec \"$@\"", "sh", program] + arguments
    }
}
