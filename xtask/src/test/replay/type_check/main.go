// Type-checks packages and their tests from source, without compiling what they import: of a dependency only the
// declarations are looked at. A line on stdout for each error; exit code 1 if there is one.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// What `go list` says of a package.
type listed struct {
	ImportPath, Dir   string
	GoFiles, CgoFiles []string
	ImportMap         map[string]string
	DepOnly           bool
	Module            *struct{ GoVersion string }
	Error             *struct{ Err string }
}

// Imports by what a package's own map makes of a path.
type importer struct {
	own   map[string]string
	known map[string]*types.Package
}

func (one importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if other, ok := one.own[path]; ok {
		path = other
	}
	if known := one.known[path]; known != nil {
		return known, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}

func main() {
	packages, err := list(os.Args[1:])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	here, _ := os.Getwd()
	said := map[string]bool{}
	report := func(text string) {
		text = strings.ReplaceAll(text, here+string(filepath.Separator), "")
		if !said[text] {
			fmt.Println(text)
		}
		said[text] = true
	}
	set := token.NewFileSet()
	files, broken := parse(set, packages)
	for _, text := range broken {
		report(text)
	}
	known := map[string]*types.Package{}
	for at, one := range packages {
		// The program that runs the tests is made by Go.
		if one.ImportPath == "unsafe" || strings.HasSuffix(one.ImportPath, ".test") {
			continue
		}
		if one.Error != nil && !one.DepOnly {
			report(one.Error.Err)
		}
		config := types.Config{
			IgnoreFuncBodies: one.DepOnly,
			FakeImportC:      true,
			Importer:         importer{one.ImportMap, known},
			Sizes:            types.SizesFor("gc", runtime.GOARCH),
		}
		if one.Module != nil && one.Module.GoVersion != "" {
			config.GoVersion = "go" + one.Module.GoVersion
		}
		config.Error = func(err error) {
			// What comes from C has no type here.
			fromC := strings.Contains(err.Error(), "with invalid type")
			if !one.DepOnly && !fromC {
				report(err.Error())
			}
		}
		path, _, _ := strings.Cut(one.ImportPath, " ")
		known[one.ImportPath], _ = config.Check(path, set, files[at], nil)
	}
	if len(said) > 0 {
		os.Exit(1)
	}
}

// The packages, their tests, and what they need, each behind what it needs.
func list(patterns []string) ([]*listed, error) {
	fields := "ImportPath,Dir,GoFiles,CgoFiles,ImportMap,DepOnly,Module,Error"
	command := exec.Command("go", append([]string{"list", "-e", "-deps", "-test", "-json=" + fields}, patterns...)...)
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %v: %s", err, said.String())
	}
	var found []*listed
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		one := &listed{}
		if err := decoder.Decode(one); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
}

// The syntax of each package, without the bodies of dependencies.
func parse(set *token.FileSet, packages []*listed) ([][]*ast.File, []string) {
	files := make([][]*ast.File, len(packages))
	broken := make([][]string, len(packages))
	slots := make(chan bool, runtime.NumCPU())
	var all sync.WaitGroup
	for at := range packages {
		all.Add(1)
		go func(at int) {
			slots <- true
			defer func() { <-slots; all.Done() }()
			one := packages[at]
			for _, name := range append(append([]string{}, one.GoFiles...), one.CgoFiles...) {
				if !filepath.IsAbs(name) {
					name = filepath.Join(one.Dir, name)
				}
				file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
				if err != nil && !one.DepOnly {
					broken[at] = append(broken[at], err.Error())
				}
				if file != nil {
					files[at] = append(files[at], file)
				}
			}
		}(at)
	}
	all.Wait()
	var said []string
	for _, texts := range broken {
		said = append(said, texts...)
	}
	return files, said
}
