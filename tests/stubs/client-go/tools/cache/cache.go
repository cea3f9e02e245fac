// Package cache has the names of client-go's informers that scaffolded code uses.
package cache

type SharedIndexInformer interface {
	HasSynced() bool
}

type Store interface {
	List() []any
}

type Indexers map[string]func(any) ([]string, error)
