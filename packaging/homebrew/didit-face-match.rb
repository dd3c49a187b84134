class DiditFaceMatch < Formula
  desc "Compare two photos of a face, with Didit's Face Match API or on this machine"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@URL:aarch64-apple-darwin.tgz@"
      sha256 "@SHA256:aarch64-apple-darwin.tgz@"
    end
    on_intel do
      url "@URL:x86_64-apple-darwin.tgz@"
      sha256 "@SHA256:x86_64-apple-darwin.tgz@"
    end
  end

  on_linux do
    on_arm do
      url "@URL:aarch64-unknown-linux-gnu.tgz@"
      sha256 "@SHA256:aarch64-unknown-linux-gnu.tgz@"
    end
    on_intel do
      url "@URL:x86_64-unknown-linux-gnu.tgz@"
      sha256 "@SHA256:x86_64-unknown-linux-gnu.tgz@"
    end
  end

  def install
    bin.install "didit-face"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/didit-face.bash" => "didit-face"
    zsh_completion.install "completions/_didit-face"
    fish_completion.install "completions/didit-face.fish"
    pkgshare.install "assets/samples"
  end

  test do
    system bin/"didit-face", "match", "--local", pkgshare/"samples/astronaut.png", pkgshare/"samples/astronaut_id_card.jpg"
  end
end
