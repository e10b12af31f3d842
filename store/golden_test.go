package store

// What the first release wrote. These never change.
const (
	goldenFull    = "6a904e5ce27af21d1d77de9cf7d37eb0c40a3e3cdfb5c3cb0e8b3ebcd1a6d150"
	goldenBare    = "a38b87e04f38e1e7b034c844de622059493cfd8f5e69e6366ef6e7998b5297ea"
	goldenSecond  = "18068d56b8337d6d7e3e53c058feddb4e638ba30ef5a8f45db4b9d9dce088321"
	goldenWrapped = "0117e955daa82c57a64fd34d315360219bf6180d6d7d42b4a39678beaf374d112d25eb0e8e9fb00d531dbedb14b321a616d64997d72234da37e6d47e842f0a5ec2ff39528a"
	goldenSealed  = "c45e1e075a7228bc1941fcc0200ac42e77c0f100c17e55a9c17e167d2b1bac5e949a4a05844352c59f6eacda86e82b018ca98f"
	goldenIndex   = "9aa8888f3e06671b2756feb9dfe1fa3b6eaecb07c160b35d1363f08366945cb3"
)
