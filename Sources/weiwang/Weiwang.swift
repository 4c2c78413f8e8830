import ArgumentParser
import GRDB
import Hummingbird
import Mustache
import Yams
import CryptoExtras
import Subprocess
@main struct Weiwang: AsyncParsableCommand { }
